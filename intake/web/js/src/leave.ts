// The quick exit on every page but the form, whose own script has it too.

import { watchExit } from "./exit";

watchExit();
