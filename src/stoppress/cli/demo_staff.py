"""Who can log in at the demo's desk: one of each role, to try what each may do."""

from django.contrib.auth import get_user_model

from stoppress.newsroom.roles import Role, give_role

STAFF: tuple[tuple[Role, str, str], ...] = (
    ("chief", "Imke Sorel", "may do everything"),
    ("editor", "Teo Varga", "publishes in all sections"),
    ("reporter", "Nanni Brook", "writes drafts of their own"),
)


def hire(password: str) -> list[dict[str, str]]:
    """Make a user for each role. Their logins, for showing."""
    for role, name, _ in STAFF:
        first_name, last_name = name.split(" ")
        user = get_user_model().objects.create_user(
            username=role,
            email=f"{role}@demo.invalid",
            password=password,
            first_name=first_name,
            last_name=last_name,
        )
        give_role(user, role)
    return [{"username": role, "password": password, "about": about} for role, _, about in STAFF]
