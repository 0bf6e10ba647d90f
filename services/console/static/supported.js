// Before anything is drawn: what needs scripts may be shown.
document.documentElement.classList.add("js");
