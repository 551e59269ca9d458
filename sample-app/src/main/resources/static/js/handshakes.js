// Bars of the recent handshakes, newest at the right: full ones solid, resumed ones outlined, failed ones crossed.

import { attribute, drawing, element, keyed, put, text } from "./dom.js";
import { decimal, millis, plural, protocol, time } from "./format.js";

const MOST = 20;
const TOP = 22;
const BOTTOM = 24;
const ROOM = 48;

const chart = document.querySelector('svg[data-live="handshakes"]');
const table = document.querySelector('[data-live="handshakes.table"]');
const grid = drawing("g", { "data-fixed": "" });
chart.append(grid);

let latest = [];

new ResizeObserver(() => draw()).observe(chart);

export function showHandshakes(state) {
  latest = (state.handshakes ?? []).slice(0, MOST);
  draw();
  keyed(table, latest, key, () => element("tr", {}, ...Array.from({ length: 5 }, (_, column) => element("td", { class: column === 3 ? "number" : null }))), (node, handshake) => {
    const values = [time(handshake.time), outcome(handshake), kind(handshake), handshake.millis === undefined ? "–" : decimal(handshake.millis),
      handshake.protocol ? protocol(handshake.protocol) : "–"];
    values.forEach((value, column) => text(node.children[column], value));
  });
  const summary = summarise();
  put("handshakes.summary", summary);
  attribute(chart, "aria-label", summary);
}

const key = (handshake) => `${handshake.time} ${handshake.host} ${handshake.outcome}`;

const kind = (handshake) => handshake.outcome !== "SUCCESS" ? "failed" : handshake.resumed ? "resumed" : "full";

const outcome = (handshake) => handshake.outcome === "SUCCESS" ? "Verified" : handshake.outcome;

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function summarise() {
  if (latest.length === 0) {
    return "No handshake yet.";
  }
  const parts = ["full", "resumed", "failed"].flatMap((wanted) => {
    const found = latest.filter((handshake) => kind(handshake) === wanted);
    const times = found.map((handshake) => handshake.millis).filter((value) => value !== undefined);
    const detail = (wanted !== "failed" && times.length > 0) ? ` (median ${millis(median(times))})` : "";
    return found.length > 0 ? [`${found.length} ${wanted}${detail}`] : [];
  });
  return `The last ${plural(latest.length, "handshake")}: ${parts.join(", ")}.`;
}

// A rare slow one must not make all others invisible: bars end at the top of the axis, with their value above.
function scale() {
  const times = latest.map((handshake) => handshake.millis ?? 0).filter((value) => value > 0);
  if (times.length === 0) {
    return 10;
  }
  const full = latest.filter((handshake) => kind(handshake) === "full" && handshake.millis > 0).map((handshake) => handshake.millis);
  const most = Math.min(Math.max(...times), 1.5 * median(full.length > 0 ? full : times));
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 3, 4, 5, 6, 8, 10].map((factor) => factor * power).find((value) => value >= most * 0.999) ?? most;
}

function draw() {
  const width = chart.clientWidth;
  const left = 3.4 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const height = chart.clientHeight;
  if (width === 0) {
    return;
  }
  attribute(chart, "viewBox", `0 0 ${width} ${height}`);
  const top = scale();
  const floor = height - BOTTOM;
  const y = (value) => floor - (floor - TOP) * Math.min(value, top) / top;
  keyed(grid, [0, top / 2, top], (value) => value / top, () => drawing("g", {}, drawing("line", { class: "grid" }), drawing("text", { "text-anchor": "end" })), (node, value) => {
    const [line, label] = node.children;
    position(line, { x1: left, x2: width, y1: y(value), y2: y(value) });
    position(label, { x: left - 8, y: y(value) + 4 });
    text(label, (value === top) ? `${round(value)} ms` : round(value));
  });
  const step = (width - left) / MOST;
  const bars = latest.toReversed();
  const empty = MOST - bars.length;
  let labelled = -MOST;
  keyed(chart, bars, key, bar, (node, handshake) => {
    const index = bars.indexOf(handshake) + empty;
    const failed = kind(handshake) === "failed";
    const x = left + index * step + step * 0.18;
    const wide = step * 0.64;
    const upper = Math.min(y(handshake.millis ?? 0), floor - 3);
    const [title, rect, cross, label] = node.children;
    text(title, `${time(handshake.time)}: ${kind(handshake)}${failed ? `, ${handshake.outcome}` : ""}${handshake.millis === undefined ? "" : `, ${millis(handshake.millis)}`}`);
    attribute(rect, "class", `bar ${failed ? "failed" : kind(handshake)}`);
    const inset = kind(handshake) === "full" ? 0 : 0.75;
    position(rect, { x: x + inset, width: Math.max(1, wide - 2 * inset), y: upper + inset, height: floor - upper - inset, rx: Math.min(3, wide / 3) });
    const half = Math.min(6, wide / 2);
    const middle = x + wide / 2;
    const crossed = Math.max(TOP - 10, upper - half - 5);
    attribute(cross, "d", failed ? `M${middle - half} ${crossed - half} L${middle + half} ${crossed + half} M${middle + half} ${crossed - half} L${middle - half} ${crossed + half}` : null);
    position(label, { x: Math.min(middle, width - 16), y: TOP - 8 });
    const tall = !failed && handshake.millis > top;
    const labels = tall && index - labelled >= ROOM / step;
    text(label, labels ? `↑ ${Math.round(handshake.millis)}` : "");
    labelled = labels ? index : labelled;
  });
  ends(bars, left + empty * step, floor, width);
}

function bar(handshake) {
  return drawing("g", { "data-outcome": handshake.outcome, "data-kind": kind(handshake) },
    drawing("title"), drawing("rect"), drawing("path", { class: "cross" }), drawing("text", { class: "value", "text-anchor": "middle" }));
}

function ends(bars, start, floor, width) {
  const labels = bars.length === 0 ? [] : [{ end: false, value: time(bars[0].time), x: start }];
  if (bars.length > 1) {
    labels.push({ end: true, value: time(bars.at(-1).time), x: width });
  }
  // Both would not fit where there are few bars.
  const shown = (labels.length === 2 && labels[1].x - labels[0].x < 150) ? [labels[1]] : labels;
  keyed(axis, shown, (label) => label.end, () => drawing("text"), (node, label) => {
    position(node, { x: label.x, y: floor + 18 });
    attribute(node, "text-anchor", label.end || bars.length === 1 ? "end" : "start");
    if (bars.length === 1) {
      position(node, { x: width });
    }
    text(node, label.value);
  });
}

const axis = drawing("g", { "data-fixed": "" });
chart.append(axis);

function position(node, values) {
  for (const [name, value] of Object.entries(values)) {
    attribute(node, name, Math.round(value * 10) / 10);
  }
}

const round = (value) => String(Math.round(value * 10) / 10);
