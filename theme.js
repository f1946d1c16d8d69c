// Runs before the first paint, so that a chosen theme does not flash. The console keeps the choice
// (src/state/theme.rs); "system" needs nothing here.
try {
  const theme = localStorage.getItem("tenure-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme it is.
}
