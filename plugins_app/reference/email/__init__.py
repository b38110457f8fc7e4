"""An action plugin that sends email over SMTP to an allow-list of recipient domains."""

from plugins_app.reference.email.plugin import Config, EmailArguments, email

__all__ = ["Config", "EmailArguments", "email"]
