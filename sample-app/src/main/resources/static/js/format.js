// Values as people read them.

const numbers = new Intl.NumberFormat("en", { useGrouping: "min2", maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const calendar = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

export const count = (value) => numbers.format(value);

export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

export const decimal = (value) => (value < 100) ? value.toFixed(1) : count(value);

export const millis = (value) => `${decimal(value)} ms`;

export function time(value) {
  const date = new Date(value);
  const today = date.toDateString() === new Date().toDateString();
  return today ? clock.format(date) : `${calendar.format(date)}, ${clock.format(date)}`;
}

export const day = (value) => calendar.format(new Date(value));

// "TLSv1.3" is how Java spells it.
export const protocol = (value) => value.replace(/^TLSv/, "TLS ");

// The common name of a distinguished name, or all of it.
export function commonName(name) {
  const found = /(?:^|,)\s*CN=((?:\\.|[^,\\])*)/i.exec(name ?? "");
  return found ? found[1].replace(/\\(.)/g, "$1") : name ?? "";
}

export const hostName = (host) => (host ?? "").replace(/:\d+$/, "");

// "class path resource [application-embedded.yml] from app.jar - 8:13" → "application-embedded.yml:8"
export function place(location) {
  const found = /\[([^\]]+)\](?:.* - (\d+):\d+$)?/.exec(location ?? "");
  if (!found) {
    return location ?? "";
  }
  const file = found[1].split(/[\\/]/).pop();
  return found[2] ? `${file}:${found[2]}` : file;
}

// "PT336H" → "14 days"
export function period(value) {
  const found = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(value);
  if (!found || value === "PT") {
    return value;
  }
  const [hours, minutes, seconds] = found.slice(1).map((digits) => Number(digits ?? 0));
  const days = (hours >= 48 && hours % 24 === 0) ? hours / 24 : 0;
  const parts = [[days, "day"], [days ? 0 : hours, "hour"], [minutes, "minute"], [seconds, "second"]];
  return parts.filter(([amount]) => amount > 0).map(([amount, unit]) => plural(amount, unit)).join(" ") || "0 seconds";
}
