"""What people type: questions, titles and searches."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from atlas.conversations.models import Conversation
from atlas.conversations.services import MAX_TITLE_CHARACTERS


class QuestionForm(forms.Form):
    """A question; how long it may be is decided by `conversations.services`."""

    text = forms.CharField(
        error_messages={
            "required": _("Type a question first."),
            "null_characters_not_allowed": _("The question holds characters that are not text."),
        }
    )
    conversation = forms.UUIDField(required=False)

    @property
    def problem(self) -> str:
        """The first thing that is wrong, as one sentence."""
        texts = [str(text) for found in self.errors.values() for text in found]
        return texts[0] if texts else ""

    @property
    def conversation_id(self) -> UUID | None:
        found = self.cleaned_data.get("conversation")
        return found if isinstance(found, UUID) else None


class TitleForm(forms.ModelForm[Conversation]):
    title = forms.CharField(label=_("Title"), max_length=MAX_TITLE_CHARACTERS)

    class Meta:
        model = Conversation
        fields = ("title",)


class ColleagueForm(forms.Form):
    """Whom the owner lets in, and as what."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": _("Type the user name of a colleague.")},
    )
    right = forms.ChoiceField(
        label=_("May"),
        choices=[("read", _("read")), ("write", _("ask, and decide what waits"))],
    )

    @property
    def may_write(self) -> bool:
        return bool(self.cleaned_data["right"] == "write")


class ListForm(forms.Form):
    """How the list of conversations is narrowed; what cannot be read is left out."""

    q = forms.CharField(required=False, max_length=100)
    shown = forms.IntegerField(required=False, min_value=1)
    current = forms.UUIDField(required=False)
