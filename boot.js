// Starts the console. It is a file of its own so that the page needs no inline script: the content
// security policy then allows none. Trunk writes the names of the program's two files beside it.
const here = document.querySelector("script[data-wasm]");
try {
  const program = await import(here.dataset.js);
  await program.default({ module_or_path: here.dataset.wasm });
  // Of no use any more, and its link would come before the one that skips to the content.
  document.getElementById("boot-failed").remove();
} catch (error) {
  console.error(error);
  // A running console that fails shows its own banner.
  if (!document.querySelector("[data-console]")) {
    document.getElementById("boot-failed").hidden = false;
  }
} finally {
  document.getElementById("boot").remove();
}
