// The sealing script. It runs on the form page and on the page for a code, and only there is it
// named; it holds the quick exit too, which other pages have from leave.ts.

import { watchExit } from "./exit";
import { takeOver } from "./page";
import { comeBack } from "./return";

watchExit();
const [form, back] = [document.getElementById("form"), document.getElementById("return")];
if (form instanceof HTMLFormElement) void takeOver(form);
if (back instanceof HTMLFormElement) void comeBack(back);
