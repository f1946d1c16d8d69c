//! The store's conformance suite: every scenario runs on SQLite and on PostgreSQL, each time in a
//! database of its own, and a last test proves that every statement of the store ran on both.
//!
//! PostgreSQL is where `TENURE_TEST_POSTGRES_URL` says; without it these tests fail.

mod alert_plans;
mod alerts;
mod apps;
mod audit;
mod audit_log;
mod calendars;
mod chances;
mod clients;
mod coverage;
mod demo;
mod engine;
mod failed_notices;
mod feed;
mod filters;
mod grants;
mod held;
mod idle;
mod impact;
mod inventory;
mod inventory_choice;
mod inventory_pages;
mod inventory_plans;
mod invitations;
mod lifetime;
mod mails;
mod members;
mod migrations;
mod notices;
mod oauth;
mod operations;
mod people;
mod policies;
mod postgres;
mod posts;
mod refused;
mod rotation;
mod schedule;
mod scopes;
mod serving;
mod sightings;
mod slow_readers;
mod steps;
mod support;
mod suspicion;
mod tokens;
mod verifier;

use support::{Database, Scenario};

/// Makes two tests of each scenario, and the list of all for the coverage test.
macro_rules! scenarios {
    ($($module:ident { $($name:ident)+ })+) => {
        mod on {
            $(mod $module { $(
                mod $name {
                    use tenure_server::store::Engine;

                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn sqlite() {
                        crate::support::run(Engine::Sqlite, crate::$module::$name).await;
                    }

                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn postgres() {
                        crate::support::run(Engine::Postgres, crate::$module::$name).await;
                    }
                }
            )+ })+
        }

        /// Every scenario with its name.
        fn scenarios() -> Vec<(&'static str, Scenario)> {
            vec![$($((
                concat!(stringify!($module), "::", stringify!($name)),
                (|database: Database| Box::pin($module::$name(database))) as Scenario,
            ),)+)+]
        }
    };
}

scenarios! {
    engine {
        the_schema_can_be_brought_up_to_date_twice
        a_snapshot_does_not_see_what_is_committed_meanwhile
        without_a_commit_nothing_remains
        writers_queue
        a_commit_is_told_to_the_listener
        a_closed_store_is_unavailable
        a_reader_cannot_write
        readers_do_not_wait_for_the_queue_of_writers
        processes_bring_the_schema_up_to_date_at_once
        a_nul_is_found_nowhere
    }
    people {
        plans_are_found_by_id_and_name
        plans_have_different_names
        users_are_found_by_id_and_address
        users_have_different_addresses
        memberships_come_by_plan_name
        sessions_end_at_their_instant
        sessions_end_when_they_are_told_to
        a_setup_link_works_once
    }
    policies {
        a_plan_starts_with_its_policy_off
        a_change_closes_one_version_and_opens_the_next
        a_version_is_opened_once
        a_watermark_only_rises
        recorded_expiries_only_rise
    }
    tokens {
        a_token_is_found_by_its_hash_and_by_its_owner_alone
        a_revocation_is_never_changed
        the_latest_use_stays
        lists_page_without_gap_or_repetition
        ended_tokens_come_youngest_first
    }
    filters {
        working_and_ended_agree_with_the_domain
        ended_tokens_of_every_reason_come_in_pages
        counted_expiries_agree_with_the_domain
        ones_own_working_tokens_agree_with_the_domain
        recorded_expiries_agree_with_the_domain
    }
    alerts {
        a_rule_is_as_it_was_set_or_as_it_is_without_that
        what_is_raised_is_listed_before_what_is_over
        an_alert_is_raised_once_and_taken_back_once
        a_long_window_counts_to_the_minute
        a_plan_that_cannot_be_read_keeps_no_other_one_waiting
        an_alert_names_what_most_of_it_concerned
    }
    posts {
        a_post_is_in_one_hand_until_its_lease_runs_out
        of_a_plan_one_post_is_in_flight
        one_test_of_a_plan_waits
        posts_that_ended_are_forgotten
    }
    audit {
        an_untouched_log_is_whole
        the_log_is_append_only
        a_changed_event_is_found
        a_removed_event_is_found
        an_inserted_event_is_found
        swapped_events_are_found
        a_log_that_was_cut_short_is_found
        an_event_beyond_the_end_is_found
    }
    calendars {
        an_address_is_found_by_its_hash_until_it_is_taken_away
        the_working_tokens_of_a_plan_come_oldest_first
    }
    audit_log {
        a_plans_events_come_newest_first_and_by_what_they_have_in_common
        a_place_in_the_log_is_found_by_its_event_and_is_the_plans_own
    }
    operations {
        a_policy_change_writes_as_much_at_many_tokens_as_at_few
        a_sweep_records_each_expiry_once
        a_change_needs_the_version_in_force
        of_two_processes_one_changes_the_policy
        a_watermark_and_a_change_do_not_lose_each_other
        no_token_is_born_dead
        a_reset_password_ends_the_sessions
        commands_make_a_plan_and_a_user
    }
    verifier {
        a_typo_is_never_looked_up
        an_unknown_token_is_looked_up_and_refused
        a_revocation_counts_at_the_very_next_call
        a_policy_counts_at_the_very_next_call
        a_token_dies_at_its_expiry
        what_is_told_to_be_dead_stays_dead_after_a_restart_with_the_clock_set_back
        a_token_from_a_machine_whose_clock_is_ahead_works
        what_another_process_changes_is_heard_of
        without_news_the_memory_is_not_trusted
        a_store_that_is_down_lets_nobody_in
        uses_are_written_together
    }
    refused {
        a_refused_call_is_found_by_its_own_plan
        the_tokens_behind_a_span_are_found
    }
    sightings {
        counts_of_several_processes_add_up
        counts_are_filtered
        a_span_is_summed_up_from_the_widest_steps
        callers_add_up_and_the_latest_stay
        calls_with_dead_tokens_add_up
        what_was_seen_is_forgotten_in_time
    }
    schedule {
        a_scheduled_version_waits_for_its_instant
        a_change_takes_the_place_of_what_is_scheduled
        a_change_needs_to_have_seen_what_is_scheduled
        a_new_inactivity_rule_is_announced_first
    }
    idle {
        an_unused_token_dies_at_its_instant_everywhere
        each_use_renews_a_token_on_every_process
        a_use_that_was_only_noted_costs_a_tenth_at_most
        a_noted_use_counts_once_it_is_written
        what_was_used_before_the_rule_counts_is_not_ended_by_it
        of_a_use_and_a_death_the_first_on_disk_stands
        a_use_and_a_death_at_the_same_moment_agree
        the_unused_stay_dead_when_the_rule_goes_and_the_clock_is_set_back
        a_scheduled_version_comes_into_force_everywhere_by_the_clock
    }
    oauth {
        a_client_is_found_until_it_is_deleted
        a_client_is_changed_where_it_may_be
        clients_come_by_name
        a_grant_lives_until_it_is_ended
        a_code_is_used_once_and_then_forgotten
        a_refresh_token_is_replaced_and_voided
    }
    held {
        what_a_client_holds_is_found_by_grant_and_by_client
        a_token_is_found_by_its_id_and_its_last_characters
    }
    invitations {
        a_link_opens_its_invitation_until_it_is_answered
        sending_again_voids_what_was_sent_before
        an_address_has_one_pending_invitation_into_a_plan
        whoever_administers_no_more_lets_nobody_in
        a_role_is_changed_once_and_logged
        the_latest_sight_stays
    }
    notices {
        a_notice_is_one_holders_until_its_lease_runs_out
        a_digest_tells_each_expiry_once
        of_two_plans_one_digest_tells
        an_announcement_reaches_everybody_concerned
        what_nobody_could_be_told_for_a_week_is_no_news
        what_an_announcement_told_no_digest_repeats
        an_expiry_is_told_once_it_is_recorded
        a_language_is_offered_once_and_chosen_any_time
    }
    failed_notices {
        what_somebody_else_ended_is_told
        what_fails_is_told_to_the_admins_once_and_can_be_sent_again
        a_digest_without_anything_left_is_suppressed_and_may_come_again
    }
    scopes {
        a_scope_is_defined_worded_anew_and_removed
    }
    members {
        members_come_in_the_order_of_their_ids
        a_deactivated_member_is_none_until_reactivated
        deactivating_ends_everything_in_this_plan_and_nothing_elsewhere
        deactivating_writes_how_much_ended
        what_has_ended_keeps_its_own_reason_and_stays_dead
        sessions_end_with_the_last_plan
    }
    grants {
        a_refreshed_pair_takes_the_old_ones_place_at_once
        a_grant_whose_answer_was_lost_is_healed_with_one_live_pair
        a_replay_ends_the_grant_and_marks_it_suspicious
        a_voided_refresh_token_is_a_replay
        a_grant_that_nobody_renews_ends_after_ninety_days
        what_has_expired_is_not_revoked_by_a_renewal_and_stays_dead
        a_grant_ends_once
        a_deleted_client_loses_everything_at_once
        a_clients_secret_is_rotated_with_an_overlap_or_without
        a_changed_client_is_in_the_log
    }
    rotation {
        a_rotated_token_works_until_its_overlap_has_passed
        without_an_overlap_a_rotated_token_stops_at_once
        a_token_is_rotated_once
        a_retirement_is_never_changed
        a_retired_token_stays_dead_after_a_restart_with_the_clock_set_back
    }
    lifetime {
        an_access_token_dies_at_the_end_of_its_lifetime
        a_longer_lifetime_brings_nothing_back
        what_was_renewed_or_ended_after_its_lifetime_is_not_brought_back_either
        no_access_token_is_born_dead
        a_lifetimes_watermark_only_rises_and_is_the_plans_own
        a_sweep_counts_what_the_policy_ended_and_nothing_else
    }
    feed {
        the_news_say_whose_each_thing_was
        a_refresh_elsewhere_is_heard_of
        a_grant_that_ends_elsewhere_is_heard_of
        a_replay_elsewhere_is_heard_of
        a_rotation_elsewhere_is_heard_of
        a_deactivation_elsewhere_is_heard_of
    }
    clients {
        a_changed_client_counts_at_the_very_next_call
        a_client_that_changes_elsewhere_is_heard_of
        a_store_that_is_down_knows_no_client_after_a_second
    }
    slow_readers {
        a_slow_reader_does_not_put_back_a_policy_that_was_changed_meanwhile
    }
    inventory {
        every_list_has_what_the_domain_says_in_its_order
        what_lies_between_instants_is_listed
        a_text_is_found_in_names_and_means_ids_and_last_characters
    }
    inventory_pages {
        what_the_text_means_fills_pages_and_the_others_follow
        a_list_that_grows_while_it_is_read_goes_on
    }
    inventory_choice {
        chosen_tokens_are_revoked_at_once_and_told
        people_are_named_many_at_once
    }
    impact {
        every_writer_keeps_the_counts
        an_impact_is_counted_as_the_verdicts_say
        what_dies_at_once_is_named_with_its_owner
        a_version_says_how_many_it_ended_whenever_it_is_counted
        no_more_tokens_end_than_somebody_allowed
        whatever_lies_between_two_edges_is_counted
    }
    suspicion {
        a_finding_colours_the_token_until_it_is_reviewed
        what_two_processes_find_is_kept_once
        whoever_calls_from_everywhere_does_not_fill_the_database
        a_review_and_a_finding_do_not_lose_each_other
        calls_are_summed_by_caller_and_by_day
        a_token_on_the_move_is_seen_in_two_networks
        what_was_refused_for_scope_is_found_by_token
        the_mails_about_a_token_are_found
    }
    demo {
        sample_data_has_tokens_of_every_status
    }
}
