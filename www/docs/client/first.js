/** Before the page is drawn: whether it is dark or light, and that scripts run. */
{
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("wakey-theme");
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  } catch {
    // No storage: as the system has it.
  }
}
