"use strict";

const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => location.reload());

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
const light = {};
const night = {};

Redoc.init(
  "/openapi.json",
  { nativeScrollbars: true, theme: dark.matches ? night : light },
  document.getElementById("docs"),
);
