// What people see when the console itself fails: a banner with one way on.
//
// A console that panics stops at once, as a WebAssembly.RuntimeError, and nothing of it runs any more. So
// the banner is made here, of plain elements, and its button is a form that the browser sends by itself.
// It does not keep the query string.
const showPanic = (error) => {
  if (!(error instanceof WebAssembly.RuntimeError) || document.getElementById("panic")) return;
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  document.body.prepend(
    make(
      "div",
      { id: "panic", className: "banner banner-panic", role: "alert" },
      make("span", {}, "The console has stopped working. Load the page again to go on."),
      make("form", { method: "get" }, make("button", { className: "btn" }, "Load again")),
    ),
  );
};
addEventListener("error", (event) => showPanic(event.error));
addEventListener("unhandledrejection", (event) => showPanic(event.reason));
