// What a user cannot read as it is laid out: a list of problems, empty if there are none.
const problems = [];
const root = document.documentElement;
const width = root.clientWidth;

const describe = (element) => {
  const live = element.getAttribute("data-live");
  const name = element.tagName.toLowerCase() + (element.id ? "#" + element.id : "")
    + (element.classList.length ? "." + [...element.classList].join(".") : "") + (live ? `[${live}]` : "");
  const text = (element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
  return text ? `${name} "${text}"` : name;
};
const style = (element) => getComputedStyle(element);
const ancestors = (element) => {
  const found = [];
  for (let at = element; at && at !== root; at = at.parentElement) {
    found.push(at);
  }
  return found;
};
// For screen readers only: one pixel, clipped.
const forEars = (element) => ancestors(element).some((at) => {
  const css = style(at);
  return css.position === "absolute" && at.offsetWidth <= 1 && at.offsetHeight <= 1
    || css.clipPath.startsWith("inset(50%") || css.clip === "rect(0px, 0px, 0px, 0px)";
});
const shown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !forEars(element);
const scrolls = (value) => value === "auto" || value === "scroll";
const clips = (value) => value === "hidden" || value === "clip";

if (root.scrollWidth > width) {
  problems.push(`the page is ${root.scrollWidth} px wide in a window of ${width} px`);
}

const elements = [...document.body.querySelectorAll("*")].filter((element) => element.checkVisibility());
for (const element of elements) {
  if (!shown(element)) {
    continue;
  }
  const css = style(element);
  const box = element.getBoundingClientRect();
  const inScroller = ancestors(element).slice(1).some((at) => scrolls(style(at).overflowX));
  if (!inScroller && box.width > 0 && (box.right > width + 0.5 || box.left < -0.5)) {
    problems.push(`${describe(element)} reaches from ${box.left} to ${box.right} in a window of ${width} px`);
  }
  if (element instanceof HTMLElement && element.innerText && element.innerText.trim()
      && !["TEXTAREA", "INPUT", "SELECT"].includes(element.tagName)) {
    if (clips(css.overflowX) && element.scrollWidth > element.clientWidth + 1) {
      problems.push(`${describe(element)} is cut off: ${element.scrollWidth} px in ${element.clientWidth} px`);
    }
    if (clips(css.overflowY) && element.scrollHeight > element.clientHeight + 1) {
      problems.push(`${describe(element)} is cut off: ${element.scrollHeight} px in a height of ${element.clientHeight} px`);
    }
  }
}

// Each piece of text, as far as what scrolls shows it.
const pieces = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const parent = node.parentElement;
  if (!node.data.trim() || ["SCRIPT", "STYLE", "TITLE", "DESC", "OPTION"].includes(parent.tagName.toUpperCase()) || !shown(parent)) {
    continue;
  }
  const range = document.createRange();
  // Words of letters alone stay whole; what has dots, dashes or underscores may have to break.
  for (const word of node.data.matchAll(/(?<![^\s("'])[\p{L}]{2,20}(?![^\s,.;:!?)"'])/gu)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const lines = new Set([...range.getClientRects()].filter((part) => part.width > 0).map((part) => Math.round(part.top)));
    if (lines.size > 1) {
      problems.push(`"${word[0]}" is broken in ${describe(parent)}`);
    }
  }
  range.selectNodeContents(node);
  const scrollers = ancestors(parent).filter((at) => scrolls(style(at).overflowX) || scrolls(style(at).overflowY))
    .map((at) => at.getBoundingClientRect());
  const card = parent.closest("li, section, header, footer, fieldset, button, pre, td, th");
  const frame = card && !scrollers.length ? card.getBoundingClientRect() : null;
  for (const rectangle of range.getClientRects()) {
    if (rectangle.width < 1 || rectangle.height < 1) {
      continue;
    }
    const drawing = parent.closest("svg")?.getBoundingClientRect();
    if (drawing && (rectangle.left < drawing.left - 1 || rectangle.right > drawing.right + 1
        || rectangle.top < drawing.top - 2 || rectangle.bottom > drawing.bottom + 2)) {
      problems.push(`${describe(parent)} leaves its drawing`);
    }
    if (frame && (rectangle.right > frame.right + 1 || rectangle.left < frame.left - 1
        || rectangle.bottom > frame.bottom + 3 || rectangle.top < frame.top - 3)) {
      problems.push(`${describe(parent)} leaves ${describe(card)}`);
    }
    const piece = {
      // What stays where it is while the page scrolls lies over other text, until that is scrolled.
      fixed: ancestors(parent).some((at) => ["fixed", "sticky"].includes(style(at).position)), parent, left: rectangle.left, right: rectangle.right, top: rectangle.top, bottom: rectangle.bottom
    };
    for (const scroller of scrollers) {
      piece.left = Math.max(piece.left, scroller.left);
      piece.right = Math.min(piece.right, scroller.right);
      piece.top = Math.max(piece.top, scroller.top);
      piece.bottom = Math.min(piece.bottom, scroller.bottom);
    }
    if (piece.right - piece.left > 1 && piece.bottom - piece.top > 1) {
      pieces.push(piece);
    }
  }
}
for (let i = 0; i < pieces.length; i++) {
  for (let j = i + 1; j < pieces.length; j++) {
    const one = pieces[i];
    const other = pieces[j];
    if (one.parent === other.parent || one.fixed !== other.fixed) {
      continue;
    }
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    const height = Math.min(one.bottom - one.top, other.bottom - other.top);
    if (across > 2 && down > 0.35 * height) {
      problems.push(`${describe(one.parent)} and ${describe(other.parent)} overlap`);
    }
  }
}

// Headings: one h1 first, and no level left out.
const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((heading) => heading.checkVisibility())
  .map((heading) => Number(heading.tagName[1]));
if (levels[0] !== 1 || levels.filter((level) => level === 1).length !== 1
    || levels.some((level, at) => at > 0 && level > levels[at - 1] + 1)) {
  problems.push("headings are of the levels " + levels.join(", "));
}
return [...new Set(problems)];
