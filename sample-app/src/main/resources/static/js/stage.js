// Demonstrations, and the dock that says what is in force wherever on the page one is.

import { attribute, element, keyed, part, put, row, setIcon, show, text } from "./dom.js";
import { send } from "./actions.js";
import { count, plural, protocol } from "./format.js";
import { GROUPS, judged, link, orders as ordersInWords } from "./words.js";

const PRESSED = 3000;

const board = document.querySelector('[data-live="stage.demonstrations"]');
const reset = document.querySelector("button[data-reset]");
board.firstElementChild.dataset.fixed = "";

export function showStage(state) {
  const stage = state.stage;
  show(part("demonstrations"), Boolean(stage));
  show(part("no-stage"), !stage);
  showBoard(stage);
  showImpostor(stage?.impostor);
  showServer(stage?.server);
  showDock(state);
}

function showBoard(stage) {
  const order = Object.keys(GROUPS);
  const rank = (group) => order.includes(group) ? order.indexOf(group) : order.length;
  const groups = grouped(stage?.demonstrations ?? []);
  const sorted = [...groups].sort(([one], [other]) => rank(one) - rank(other));
  keyed(board, sorted, ([name]) => name, ([name]) => element("div", { class: "group", "data-group": name }, element("h3"), element("ul")), (node, [name, demonstrations]) => {
    attribute(node, "data-size", demonstrations.length);
    text(node.children[0], GROUPS[name] ?? name);
    keyed(node.children[1], demonstrations, (demonstration) => demonstration.id, card, (item, demonstration) => fill(item, demonstration, stage.busy));
  });
}

function grouped(demonstrations) {
  const groups = new Map();
  for (const demonstration of demonstrations) {
    groups.set(demonstration.group, [...groups.get(demonstration.group) ?? [], demonstration]);
  }
  return groups;
}

function card({ id }) {
  const title = element("h4", { id: `demonstration-${id}` });
  const button = element("button", { type: "button", id: `press-${id}`, "data-demonstration": id,
    "aria-labelledby": `press-${id} demonstration-${id}` }, "Try it");
  const node = element("li", { class: "demo" }, title,
    element("p", { class: "sentence" }),
    element("p", { class: "watch" }, element("b", {}, "Watch: "), element("span")),
    element("div", { class: "press" }, button, element("span", { class: "aside", hidden: "" }, "In force; press again to take it back")));
  button.addEventListener("click", () => press(node, button, id));
  return node;
}

// The button answers at once; the state that follows has the last word.
async function press(node, button, id) {
  attribute(node, "data-busy", "");
  setTimeout(() => attribute(node, "data-busy", node.dataset.working ? "" : null), PRESSED);
  const active = button.getAttribute("aria-pressed") === "true";
  if (!await send(active ? "DELETE" : "POST", `demonstrations/${encodeURIComponent(id)}`)) {
    attribute(node, "data-busy", null);
  }
}

function fill(node, demonstration, busy) {
  const [title, sentence, watch, press] = node.children;
  const working = busy?.id === demonstration.id;
  text(title, demonstration.title);
  text(sentence, demonstration.sentence);
  text(watch.lastChild, (demonstration.watch ?? "").replace(/^Watch:?\s*/i, ""));
  if (node.dataset.active !== String(Boolean(demonstration.active))) {
    attribute(node, "data-busy", null);
  }
  attribute(node, "data-active", Boolean(demonstration.active));
  // What ends by itself cannot be taken back: its button is no switch.
  attribute(press.firstChild, "aria-pressed", (demonstration.lasting === false) ? null : String(Boolean(demonstration.active)));
  show(press.lastChild, Boolean(demonstration.active));
  if (working || node.dataset.working) {
    attribute(node, "data-busy", working ? "" : null);
  }
  attribute(node, "data-working", working || null);
}

function showImpostor(impostor) {
  show(part("impostor"), Boolean(impostor));
  if (impostor) {
    put("stage.impostor.bytesSeen", impostor.bytesSeen, plural(impostor.bytesSeen, "byte"));
    put("stage.impostor.name", impostor.name);
    put("stage.impostor.attempts", impostor.attempts, count(impostor.attempts));
  }
}

function showServer(server) {
  row("stage.server", Boolean(server));
  if (server) {
    put("stage.server.running", server.running, server.running ? "runs and offers " : "is stopped");
    const protocols = server.protocols ?? [];
    put("stage.server.protocols", protocols.join(", "), !server.running ? "" : protocols.length > 0 ? protocols.map(protocol).join(", ") : "no TLS");
  }
}

function showDock(state) {
  const dock = part("dock");
  const active = (state.stage?.demonstrations ?? []).filter((demonstration) => demonstration.active).map((demonstration) => demonstration.title);
  const busy = state.stage?.busy;
  const needed = active.length > 0 || Boolean(busy);
  if (!needed && dock.contains(document.activeElement)) {
    part("demonstrations").focus({ preventScroll: true });
  }
  show(dock, needed);
  text(dock.querySelector("[data-dock-label]"), busy ? "Working:" : "In force:");
  attribute(dock.querySelector(".dock-what"), "class", busy ? "dock-what busy" : "dock-what");
  put("stage.active", busy ? busy.title : active.join("; "));
  const [word, tone, icon] = link(judged(state));
  const connection = dock.querySelector("[data-dock-connection]");
  attribute(connection, "data-tone", tone);
  setIcon(connection, icon);
  text(dock.querySelector("[data-dock-connection-text]"), word);
  text(dock.querySelector("[data-dock-orders]"), ordersInWords(state.orders?.state)[0].toLowerCase());
}

reset.addEventListener("click", () => send("DELETE", "demonstrations"));
