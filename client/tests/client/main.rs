//! The client against the real server's library in this process, on a real socket, under clocks that the
//! tests move. What needs no server is tested beside its code.

mod ahead;
mod consent;
mod crash;
mod lost_reply;
mod person;
mod protocol;
mod proxy;
mod server;
mod single_flight;
mod world;
