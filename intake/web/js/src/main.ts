// The sealing script. It runs on the form page alone, and only there is it named.

import { watchExit } from "./exit";
import { takeOver } from "./page";

watchExit();
const form = document.getElementById("form");
if (form instanceof HTMLFormElement) void takeOver(form);
