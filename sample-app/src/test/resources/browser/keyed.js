// A list that is brought up to date three times, with two items of one key at first: what it shows each time.
return import("/js/dom.js").then(({ element, keyed }) => {
  const list = element("ul");
  const shown = (items) => {
    keyed(list, items, (item) => item, (item) => element("li", {}, item));
    return [...list.children].map((item) => item.textContent).join();
  };
  return [["a", "a", "b"], ["a", "b"], ["b", "c"]].map(shown).join(" ");
});
