#!/usr/bin/env node
// The program is called by this path from outside; it stands in program/cli.
import "../program/cli/main.js";
