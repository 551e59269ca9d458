// The page: one state comes in, each part shows its share of it.

import { showChain } from "./chain.js";
import { showConnection, showLost } from "./connection.js";
import { attribute, put, putTime, text } from "./dom.js";
import { time } from "./format.js";
import { showHandshakes } from "./handshakes.js";
import { showFailure, showJournal } from "./happened.js";
import { showSettings } from "./settings.js";
import { showStage } from "./stage.js";
import { follow } from "./stream.js";
import { showTraffic } from "./traffic.js";
import { judged, link as linkInWords, LINKS } from "./words.js";

const announcer = document.querySelector("[data-announcer]");
const link = document.querySelector("[data-link]");

let announced;
let last;

function show(state) {
  last = state;
  attribute(document.body, "data-at", state.at);
  for (const part of [showConnection, showSettings, showTraffic, showChain, showHandshakes, showStage, showFailure, showJournal]) {
    try {
      part(state);
    }
    catch (problem) {
      // One part that cannot be shown must not stop the others.
      console.error(problem);
    }
  }
  put("application.profile", state.application?.profile);
  putTime("application.startedAt", state.application?.startedAt, time);
  document.title = `${linkInWords(judged(state))[0]} · dbtls, live`;
  announce();
}

function onLink(now) {
  const words = LINKS[(now === "lost" && restarts()) ? "restarting" : now];
  attribute(link, "data-link", now);
  text(link.querySelector("[data-link-text]"), words.short);
  if (now !== "live") {
    showLost(words);
    document.title = `${words.short} · dbtls, live`;
    announce();
  }
}

// Only for another provider the application restarts; this page may be too late to be told that it does.
function restarts() {
  const busy = last?.stage?.busy?.id;
  return Boolean(last?.stage?.shapes?.some((shape) => shape.id === busy) || document.querySelector("button[data-shape][data-busy]"));
}

// Only what a listener must know: the connection's sentence, when it changes.
function announce() {
  const sentence = document.querySelector('[data-live="connection.sentence"]').textContent.trim();
  const assurance = document.querySelector('[data-live="connection.assurance"]').textContent.trim();
  if (announced !== undefined && announced !== sentence) {
    text(announcer, `${sentence} ${assurance}`);
  }
  announced = sentence;
}

follow({ onState: show, onLink });
