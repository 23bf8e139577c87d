"use strict";
document.documentElement.classList.add("scripted");
try { document.documentElement.dataset.theme = localStorage.getItem("theme") || ""; } catch (error) { /* a file may not keep anything */ }
