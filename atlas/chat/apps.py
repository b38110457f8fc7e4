"""The chat: pages, socket, and the fragments that both of them show."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "atlas.chat"
    label = "chat"
