// The sealing script. It runs on the form page alone, and only there is it named.

import { takeOver } from "./page";

const form = document.getElementById("form");
if (form instanceof HTMLFormElement) void takeOver(form);
