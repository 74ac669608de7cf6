// Every text on the page whose contrast with the ground behind it is below `least`, as WCAG 2.2 counts.
(least) => {
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const over = (front, back) => {
    const [r, g, b, alpha = 1] = numbers(front);
    const behind = numbers(back);
    return `rgb(${[r, g, b].map((value, i) => value * alpha + behind[i] * (1 - alpha)).join(",")})`;
  };
  const linear = (value) =>
    value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = (colour) => {
    const [r, g, b] = numbers(colour).map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
      layers.unshift(getComputedStyle(node).backgroundColor);
    }
    return layers.reduce((below, layer) => over(layer, below), "rgb(255, 255, 255)");
  };
  const found = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const said = texts.currentNode.textContent.trim();
    if (!said || !element.checkVisibility({ visibilityProperty: true }) || element.closest("noscript")) {
      continue;
    }
    const behind = ground(element);
    const pair = [luminance(over(getComputedStyle(element).color, behind)), luminance(behind)];
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (contrast < least) {
      found.add(`${contrast.toFixed(1)}: ${said.slice(0, 60)}`);
    }
  }
  return [...found];
};
