// Reads the calendar on standard input with the package ical.js, as a calendar program would, and writes what it
// understood as one line of JSON.
//
//   TENURE_ICAL_JS   the folder of the package

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.env.TENURE_ICAL_JS;
const { module } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const entry = pathToFileURL(join(folder, module ?? "dist/ical.js"));
const { default: ICAL } = await import(entry);

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  const alarms = component.getAllSubcomponents("valarm");
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    description: event.description,
    url: component.getFirstPropertyValue("url"),
    start: event.startDate.toJSDate().toISOString(),
    zone: event.startDate.zone.tzid,
    stamp: component.getFirstPropertyValue("dtstamp").toJSDate().toISOString(),
    alarms: alarms.map((alarm) => alarm.getFirstPropertyValue("trigger").toSeconds()),
  };
});
const text = (name) => calendar.getFirstPropertyValue(name);
console.log(JSON.stringify({ version: text("version"), name: text("name"), product: text("prodid"), events }));
