//! Mails on their way, with a mail server that does its worst; and what they say.

mod announcements;
mod clock;
mod content;
mod delivery;
mod invitations;
mod smtp;
mod world;
