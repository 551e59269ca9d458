// Orders and pool in numbers.

import { attribute, drawing, keyed, part, put, setIcon, show, text } from "./dom.js";
import { send } from "./actions.js";
import { count, decimal, millis } from "./format.js";
import { orders as ordersInWords } from "./words.js";

const load = document.querySelector("button[data-load]");
const state = document.querySelector("[data-orders-state]");
const gauge = document.querySelector('[data-live="pool"]');

export function showTraffic({ orders = {}, pool }) {
  attribute(document.body, "data-orders", orders.state ?? "STOPPED");
  const [word, tone, icon] = ordersInWords(orders.state);
  put("orders.state", orders.state, word);
  attribute(state, "data-tone", tone);
  setIcon(state, icon);
  const stopped = (orders.state ?? "STOPPED") === "STOPPED";
  text(load, stopped ? "Start orders" : "Stop orders");
  attribute(load, "data-running", !stopped);
  for (const name of ["placed", "waiting", "lost"]) {
    put(`orders.${name}`, orders[name], orders[name] !== undefined && count(orders[name]));
  }
  put("orders.turnedAway", (orders.turnedAway > 0) ? orders.turnedAway : null, count(orders.turnedAway ?? 0));
  attribute(document.querySelector(".lost"), "data-tone", orders.lost > 0 ? "bad" : "good");
  put("orders.perSecond", orders.perSecond, orders.perSecond !== undefined && decimal(orders.perSecond));
  put("orders.millis", orders.millis, orders.millis !== undefined && millis(orders.millis));
  show(part("pool"), Boolean(pool));
  if (pool) {
    for (const name of ["active", "idle", "waiting", "max"]) {
      put(`pool.${name}`, pool[name]);
    }
    drawGauge(pool);
  }
}

function drawGauge(pool) {
  const places = Math.max(1, pool.max ?? pool.total ?? 0);
  const step = 100 / places;
  const kinds = Array.from({ length: places }, (_, index) => (index < pool.active) ? "active" : (index < pool.active + pool.idle) ? "idle" : "free");
  keyed(gauge, kinds.map((kind, index) => ({ kind, index })), (place) => place.index, () => drawing("rect", { y: 1, height: 10, rx: 3 }), (node, place) => {
    attribute(node, "class", place.kind);
    attribute(node, "x", `${(place.index * step + step * 0.06).toFixed(2)}%`);
    attribute(node, "width", `${(step * 0.88).toFixed(2)}%`);
  });
}

load.addEventListener("click", () => send(load.dataset.running === "true" ? "DELETE" : "POST", "load"));
