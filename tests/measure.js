// Measures a page as it is drawn. Given {target, text, main, line, contrast}: the least height and width of a
// target, size of text, size of main text (px), line height (times the size) and contrast. Returns complaints.
(least) => {
  const complaints = [];
  const name = (element) => `${element.tagName.toLowerCase()} “${(element.innerText || element.value || "").trim().slice(0, 20)}”`;
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const away = box.bottom <= 0 || box.right <= 0 || box.width <= 1 || box.height <= 1;
    return style.visibility === "visible" && style.display !== "none" && !away && element.closest("[hidden]") === null;
  };

  if (document.documentElement.scrollWidth > window.innerWidth) {
    complaints.push(`scrolls sideways: ${document.documentElement.scrollWidth} > ${window.innerWidth}`);
  }

  const targets = "a[href], button, summary, textarea, input:not([type=hidden])";
  for (const element of document.querySelectorAll(targets)) {
    const aim = (element.matches("[type=radio]") && element.closest("label")) || element;
    if (!shown(aim)) continue;
    const box = aim.getBoundingClientRect();
    if (box.height < least.target - 0.5 || box.width < least.target - 0.5) {
      complaints.push(`small target: ${name(aim)} ${Math.round(box.width)}×${Math.round(box.height)}`);
    }
  }

  const parts = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.a === 1) return colour.rgb;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest("svg, script, option") || !shown(element)) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const isMain = element.closest("main p, main li, main dd, main label, main textarea") !== null;
    if (size < (isMain ? least.main : least.text) - 0.1) {
      complaints.push(`small text: ${name(element)} ${size}px`);
    }
    if (style.lineHeight !== "normal" && parseFloat(style.lineHeight) < least.line * size - 0.1) {
      complaints.push(`tight lines: ${name(element)} ${style.lineHeight} of ${size}px`);
    }
    const [light, dark] = [luminance(parts(style.color).rgb), luminance(ground(element))].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < least.contrast) {
      complaints.push(`faint: ${name(element)} ${contrast.toFixed(2)}:1`);
    }
  }
  return complaints;
};
