"""Who is around the patient."""

from dash import html

from coordination.circle import Member
from core.access import Role
from dashboard.layouts.marks import Component, card
from dashboard.reader import Reader
from identity.words import role_label


def circle_card(reader: Reader, members: list[Member]) -> Component:
    """Return the live members of the circle, the patient himself left out."""
    lines = [
        html.Li(
            [
                html.Strong(member.name),
                html.Span(reader.say(role_label(member.role)), className="soft"),
            ],
            key=str(member.membership_id),
        )
        for member in members
        if member.role != Role.PATIENT
    ]
    return card(
        reader.say("Care circle"), html.Ul(lines, className="plain circle"), identifier="circle"
    )
