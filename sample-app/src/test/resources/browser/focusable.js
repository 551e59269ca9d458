// What the keyboard has to reach, described; kept in the page for focused.js.
window.dbtlsFocusable = [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])")]
  .filter((element) => !element.disabled && element.type !== "hidden"
    && element.checkVisibility({ checkVisibilityCSS: true })
    // Of several radio buttons of one name the keyboard reaches one, and the arrows the others.
    && (element.type !== "radio" || element.checked));
// The next Tab starts from the top of the page.
document.body.tabIndex = -1;
document.body.focus();
document.body.removeAttribute("tabindex");
window.scrollTo(0, 0);
return window.dbtlsFocusable.map((element) => element.outerHTML.slice(0, 120));
