// Touches a node only where something changed, so that focus, selection and open details survive.

export function text(node, value) {
  if (node.textContent !== value) {
    node.textContent = value;
  }
}

export function attribute(node, name, value) {
  if (value === undefined || value === null || value === false) {
    if (node.hasAttribute(name)) {
      node.removeAttribute(name);
    }
  }
  else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, String(value));
  }
}

// Breaks a long value where its own parts end. The text itself stays as it is.
export function breakable(node, value, after = /(?<=[_,/])/) {
  const pieces = value.split(after);
  // What the server rendered has the text and not the places.
  if (node.textContent !== value || node.childNodes.length < pieces.length) {
    node.replaceChildren(...pieces.flatMap((piece, index) => index > 0 ? [element("wbr"), piece] : [piece]));
  }
}

export const part = (name) => document.querySelector(`[data-part="${name}"]`);

export function show(node, visible) {
  if (node && node.hidden === visible) {
    node.hidden = !visible;
  }
}

// Shows a value wherever the page has a place for it; a row without a value is hidden.
export function put(path, value, shown = value) {
  const known = value !== undefined && value !== null;
  for (const node of document.querySelectorAll(`[data-live="${path}"], [data-echo="${path}"]`)) {
    text(node, known ? String(shown) : node.closest("[data-row]") ? "" : "–");
    attribute(node, "data-value", known ? value : null);
  }
  row(path, known);
}

export function putTime(path, value, format) {
  put(path, value, value && format(value));
  for (const node of document.querySelectorAll(`time[data-live="${path}"]`)) {
    attribute(node, "datetime", value);
  }
}

export function row(path, visible) {
  show(document.querySelector(`[data-row="${path}"]`), visible);
}

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    attribute(node, key, value);
  }
  node.append(...children);
  return node;
}

export function drawing(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    attribute(node, key, value);
  }
  node.append(...children);
  return node;
}

export const icon = (name) => drawing("svg", { class: "icon", "aria-hidden": "true" }, drawing("use", { href: `#i-${name}` }));

export const setIcon = (node, name) => attribute(node.querySelector("use"), "href", `#i-${name}`);

const keys = new WeakMap();

// Makes the children of a list those of the items: known ones stay the same nodes, and move only if they must.
export function keyed(list, items, keyOf, create, update) {
  const known = new Map();
  for (const child of [...list.children]) {
    if (keys.has(child)) {
      known.set(keys.get(child), child);
    }
    else if (!("fixed" in child.dataset)) {
      child.remove();
    }
  }
  // Two items may have one key: each has a node, and one of them keeps its own.
  const used = new Set();
  const nodes = items.map((item) => {
    const key = keyOf(item);
    let node = known.get(key);
    if (!node || used.has(node)) {
      node = create(item);
      keys.set(node, key);
    }
    used.add(node);
    return node;
  });
  const shown = [...list.children].filter((child) => keys.has(child));
  let place = shown.find((child) => used.has(child)) ?? null;
  shown.filter((child) => !used.has(child)).forEach((child) => child.remove());
  nodes.forEach((node, index) => {
    if (node === place) {
      place = place.nextElementSibling;
    }
    else {
      list.insertBefore(node, place);
    }
    update?.(node, items[index]);
  });
}
