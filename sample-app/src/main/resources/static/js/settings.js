// The YAML in force, the switch of providers, and where each setting comes from.

import { attribute, breakable, element, keyed, part, put, show, text } from "./dom.js";
import { send, toast } from "./actions.js";
import { period, place } from "./format.js";

const yaml = document.querySelector('[data-live="yaml.text"]');
const elsewhere = document.querySelector('[data-live="yaml.elsewhere"]');
const copy = document.querySelector("[data-copy]");
const shapes = document.querySelector('[data-live="stage.shapes"]');
const policy = document.querySelector('[data-live="policy"]');

const PATIENCE = 20_000;
const MANY = 4;

const ORIGINS = { property: "your setting", preset: "preset of the provider", default: "default" };

export function showSettings(state) {
  show(part("yaml"), Boolean(state.yaml));
  if (state.yaml) {
    put("yaml.file", state.yaml.file);
    if (yaml.textContent !== state.yaml.text) {
      yaml.replaceChildren(...coloured(state.yaml.text));
    }
    showElsewhere(state.yaml.elsewhere ?? []);
    show(copy, Boolean(navigator.clipboard));
  }
  const offered = state.stage?.shapes ?? [];
  show(part("shapes"), offered.length > 0);
  show(part("rest"), offered.length === 0);
  keyed(shapes, offered, (shape) => shape.id, chip, (node, shape) => {
    text(node, shape.title);
    attribute(node, "aria-pressed", String(Boolean(shape.active)));
    if (shape.active) {
      attribute(node, "data-busy", null);
    }
  });
  put("stage.shape.note", offered.find((shape) => shape.active)?.note ?? "");
  showPolicy(state.policy ?? []);
}

function chip(shape) {
  const button = element("button", { type: "button", "data-shape": shape.id });
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") !== "true") {
      attribute(button, "data-busy", "");
      setTimeout(() => attribute(button, "data-busy", null), PATIENCE);
      send("POST", `shapes/${encodeURIComponent(shape.id)}`).then((accepted) => accepted || attribute(button, "data-busy", null));
    }
  });
  return button;
}

function showElsewhere(settings) {
  show(elsewhere, settings.length > 0);
  text(elsewhere, "Also set: " + settings
    .map((setting) => `${setting.property}: ${period(setting.value)} (${place(setting.location)})`)
    .join(", "));
}

function coloured(lines) {
  return lines.split(/(?<=\n)/).flatMap((line) => {
    const found = /^(\s*(?:- )?)([\w.-]+:)(.*)$/s.exec(line);
    if (line.trimStart().startsWith("#")) {
      return [element("span", { class: "comment" }, line)];
    }
    return found ? [found[1], element("span", { class: "key" }, found[2]), found[3]] : [line];
  });
}

copy.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(yaml.textContent);
    toast("Copied.");
  }
  catch {
    toast("The browser does not allow copying.");
  }
});

function showPolicy(settings) {
  show(part("policy"), settings.length > 0);
  keyed(policy, settings, (setting) => setting.name, () => element("tr", { role: "row" },
    element("th", { role: "rowheader", scope: "row" }),
    element("td", { role: "cell" }, element("span"), element("details", {}, element("summary"), element("span"))),
    element("td", { role: "cell" }, element("span"), element("span", { class: "origin" }), element("span", { class: "origin" }))), (node, setting) => {
    attribute(node, "data-setting", setting.name);
    attribute(node, "data-origin", setting.origin);
    text(node.children[0], words(setting.name));
    showValue(node.children[1], setting.value);
    const [origin, property, where] = node.children[2].children;
    text(origin, ORIGINS[setting.origin] ?? setting.origin ?? "");
    text(property, setting.property ?? "");
    text(where, place(setting.location));
    attribute(where, "title", setting.location);
  });
}

// A long list is there for whoever wants it.
function showValue(cell, value) {
  const [short, long] = cell.children;
  const all = Array.isArray(value) ? value : String(value ?? "").split(", ");
  const many = all.length > MANY;
  show(short, !many);
  show(long, many);
  breakable(short, many ? "" : period(all.join(", ")));
  text(long.children[0], many ? `${all[0]} and ${all.length - 1} more` : "");
  breakable(long.children[1], many ? all.join(", ") : "");
}

// "tlsVersions" → "TLS versions"
function words(name) {
  const split = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().replace(/\b(tls|ssl|jsse)\b/g, (short) => short.toUpperCase());
  return split.charAt(0).toUpperCase() + split.slice(1);
}
