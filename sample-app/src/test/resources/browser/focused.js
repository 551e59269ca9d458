// Which of them has the focus, and what is wrong with the way it shows; -1 if it is none of them.
const element = document.activeElement;
const index = window.dbtlsFocusable.indexOf(element);
if (index < 0) {
  return { index: -1, problem: element === document.body ? "" : element.outerHTML.slice(0, 120) };
}
const css = getComputedStyle(element);
const visible = css.outlineStyle !== "none" && parseFloat(css.outlineWidth) >= 1 || css.boxShadow !== "none";
const box = element.getBoundingClientRect();
const x = box.left + Math.min(box.width, document.documentElement.clientWidth) / 2;
const top = Math.max(box.top, 0);
const y = (top + Math.min(box.bottom, window.innerHeight)) / 2;
const there = document.elementFromPoint(x, y);
const free = there && (there === element || element.contains(there) || there.contains(element));
return { index, problem: visible ? (free ? "" : "is covered or outside the window") : "does not show its focus" };
