// The diagnosis of what was refused last, and the journal.

import { attribute, element, icon, keyed, part, put, putTime, setIcon, show, text } from "./dom.js";
import { time } from "./format.js";
import { KINDS, verdict as verdictInWords } from "./words.js";

const journal = document.querySelector('[data-live="journal"]');
const verdict = document.querySelector("[data-failure-state]");

export function showFailure({ lastFailure: failure, connection }) {
  show(part("failure"), Boolean(failure));
  show(part("no-failure"), !failure);
  if (!failure) {
    return;
  }
  const over = Boolean(failure.nextSuccess);
  const [state, words] = verdictInWords(failure, connection);
  put("lastFailure.state", state, words);
  attribute(verdict, "data-tone", over ? "good" : "bad");
  setIcon(verdict, over ? "served" : "refused");
  put("lastFailure.cause", failure.cause);
  put("lastFailure.host", failure.host);
  putTime("lastFailure.time", failure.time, time);
  putTime("lastFailure.nextSuccess", failure.nextSuccess, time);
  put("lastFailure.description", failure.description);
  put("lastFailure.action", failure.action);
}

export function showJournal({ journal: entries = [] }) {
  show(part("no-journal"), entries.length === 0);
  const seen = new Map();
  const marked = entries.toReversed().map((entry) => {
    const key = `${entry.time} ${entry.text}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return { ...entry, key: `${key} ${seen.get(key)}` };
  }).toReversed();
  keyed(journal, marked, (entry) => entry.key, (entry) => {
    const [word, name] = KINDS[entry.kind] ?? [entry.kind, "info"];
    return element("li", { "data-kind": entry.kind },
      icon(name), element("span", { class: "kind" }, word), element("time", { class: "aside", datetime: entry.time }), element("p", {}, entry.text));
  }, (node, entry) => text(node.children[2], time(entry.time)));
}
