"""Conversations, their messages, the runs that answer them and the events of the runs."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "atlas.conversations"
    label = "conversations"
