// What the design system's parts need, and nothing else: every page works without it.
import { initAll } from "./nhsuk-frontend.min.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();

// A form that was sent once is not sent again by a second click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  // One that answers with a file leaves the page as it is, and may be sent again.
  if (form.method === "post" && form.dataset.file !== "yes") {
    form.dataset.sent = "yes";
  }
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// A page that has stopped moving must not look as if nothing happened.
const stopped = document.getElementById("stopped");
if (stopped) {
  const tell = (isStopped) => () => {
    stopped.hidden = !isStopped;
  };
  for (const trouble of ["htmx:sse:error", "htmx:sse:close", "htmx:response:error", "htmx:error"]) {
    document.addEventListener(trouble, tell(true));
  }
  document.addEventListener("htmx:sse:after:connection", tell(false));
}
