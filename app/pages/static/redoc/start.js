"use strict";

const text = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
const typography = {
  fontFamily: text,
  headings: { fontFamily: text, fontWeight: "600" },
  code: { fontFamily: 'ui-monospace, Menlo, Consolas, "Liberation Mono", monospace' },
};

// The samples stand on a dark ground by day as well.
const onDark = {
  success: { tabTextColor: "#6fcf87" },
  error: { tabTextColor: "#ff8a80" },
  redirect: { tabTextColor: "#f2b866" },
};

const day = {
  colors: {
    primary: { main: "#a4371f" },
    warning: { main: "#8a5300" },
    text: { primary: "#211e1a", secondary: "#6a635a" },
    responses: onDark,
  },
  schema: { nestedBackground: "#f6f3ec" },
  typography: {
    ...typography,
    code: { ...typography.code, color: "#8a2c17", backgroundColor: "#f1ede4" },
  },
  sidebar: { backgroundColor: "#f6f3ec", textColor: "#211e1a", activeTextColor: "#a4371f" },
  rightPanel: { backgroundColor: "#211f1c" },
  fab: { backgroundColor: "#f1ede4", color: "#a4371f" },
};

const night = {
  colors: {
    primary: { main: "#f0906f" },
    success: { main: "#6fcf87" },
    warning: { main: "#f2b866" },
    error: { main: "#ff8a80" },
    responses: onDark,
    gray: { 50: "#211f1c", 100: "#2a2723" },
    text: { primary: "#ece8e1", secondary: "#a69e93" },
    border: { dark: "#4a453e", light: "#37332e" },
  },
  schema: { nestedBackground: "#211f1c", linesColor: "#6a5f55" },
  typography: {
    ...typography,
    code: { ...typography.code, color: "#f5b39c", backgroundColor: "#2a2723" },
  },
  sidebar: { backgroundColor: "#1d1b19", textColor: "#d9d3c9", activeTextColor: "#f0906f" },
  rightPanel: {
    backgroundColor: "#0f0e0d",
    servers: {
      overlay: { backgroundColor: "#211f1c", textColor: "#ece8e1" },
      url: { backgroundColor: "#171614" },
    },
  },
  fab: { backgroundColor: "#37332e", color: "#f0906f" },
};

const dark = matchMedia("(prefers-color-scheme: dark)");
// Redoc takes its colours once, so that others need a fresh start.
dark.addEventListener("change", () => location.reload());

Redoc.init(
  "/openapi.json",
  { nativeScrollbars: true, theme: dark.matches ? night : day },
  document.getElementById("docs"),
);
