//! Who may change a plan's expiration policy (R1).

use tenure_domain::{
    plan::{Role, Tier, may_change_policy},
    problem::Kind,
};

#[test]
fn only_a_system_admin_of_a_business_or_enterprise_plan_may_change_the_policy() {
    let table = [
        (Role::SystemAdmin, Tier::Pro, Err(Kind::PlanTierRequired)),
        (Role::SystemAdmin, Tier::Business, Ok(())),
        (Role::SystemAdmin, Tier::Enterprise, Ok(())),
        (Role::Member, Tier::Pro, Err(Kind::RoleRequired)),
        (Role::Member, Tier::Business, Err(Kind::RoleRequired)),
        (Role::Member, Tier::Enterprise, Err(Kind::RoleRequired)),
    ];
    assert_eq!(
        table.len(),
        Role::ALL.len() * Tier::ALL.len(),
        "a row for every pair"
    );
    for (role, tier, expected) in table {
        assert_eq!(
            may_change_policy(role, tier),
            expected,
            "{role:?} on {tier:?}"
        );
        assert_eq!(tier.has_expiration_policy(), tier != Tier::Pro);
    }
}
