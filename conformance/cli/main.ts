#!/usr/bin/env node
// Others call the program by this path; it is in program/cli.
import "../program/cli/main.js";
