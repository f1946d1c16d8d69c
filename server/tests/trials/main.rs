//! Trials: the real program, on a real disk, treated badly. Each prints the seed of its chances.
//!
//! `TENURE_TRIALS` says how many rounds (10); `TENURE_TRIAL_SEED` repeats an earlier run's chances.

mod brief;
#[path = "../store/chances.rs"]
mod chances;
mod counted;
#[path = "../store/hand.rs"]
mod hand;
mod http;
mod impact;
mod kill;
mod notices;
#[path = "../store/postgres.rs"]
mod postgres;
mod refresh;
mod replica;
mod replicas;
mod search;
mod secrets;
mod server;
#[path = "../mail/smtp.rs"]
#[expect(dead_code, reason = "the trials need a mail server that behaves")]
mod smtp;
mod tamper;
mod witness;
