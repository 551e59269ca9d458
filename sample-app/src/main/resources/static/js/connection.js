// Padlock, statement and facts.

import { attribute, breakable, element, put, row, show } from "./dom.js";
import { assurance, judged, sentence } from "./words.js";

const body = document.body;
const headline = document.querySelector('[data-live="connection.sentence"]');
const host = document.querySelector('[data-live="connection.host"]');
const cipher = document.querySelector('[data-live="connection.cipher"]');

export function showConnection(state) {
  const connection = judged(state);
  const settings = Object.fromEntries((state.policy ?? []).map((setting) => [setting.name, setting.value]));
  attribute(body, "data-connection", connection.status ?? "UNKNOWN");
  attribute(body, "data-verified", connection.verified);
  put("connection.status", connection.status);
  showSentence(sentence(connection, settings));
  put("connection.assurance", assurance(connection, settings, state.stage?.impostor));
  const up = connection.status === "UP";
  put("connection.protocol", up ? connection.protocol : null);
  put("connection.resumed", up ? connection.resumed : null, connection.resumed ? "resumed" : "full handshake");
  row("connection.protocol", Boolean(up && connection.protocol));
  row("connection.cipher", Boolean(up && connection.cipher));
  breakable(cipher, (up && connection.cipher) || "");
  row("connection.host", Boolean(connection.host));
  breakable(host, connection.host ?? "", /(?<=\.)(?=[a-z])/i);
  put("connection.server", up ? connection.server : null);
  put("connection.error.cause", connection.error?.cause);
  put("policy.provider", settings.provider);
  put("policy.sslMode", settings.sslMode);
  show(document.querySelector('[data-way="diagnosis"]'), !up && Boolean(state.lastFailure));
  show(document.querySelector('[data-way="demonstrations"]'), up && Boolean(state.stage));
}

// "TLS 1.3" stays on one line.
function showSentence(words) {
  if (headline.textContent !== words) {
    headline.replaceChildren(...words.split(/(TLS \d\.\d)/).map((piece, index) => {
      const span = element("span", (index % 2) ? { class: "unbroken" } : {});
      breakable(span, piece, (index % 2) ? /$^/ : /(?<=\.)(?=\S)/);
      return span;
    }));
  }
}

export function showLost(words) {
  attribute(body, "data-connection", words.status);
  showSentence(words.sentence);
  put("connection.assurance", words.assurance);
  for (const way of document.querySelectorAll("[data-way]")) {
    show(way, false);
  }
}
