// The entry of every page for people who are signed in.

import "./approvals.js";
import "./charts.js";
import "./composer.js";
import "./dialogs.js";
import "./keys.js";
import "./menus.js";
import "./people.js";
import "./queue.js";
import "./reading.js";
import "./socket.js";
import "./times.js";
