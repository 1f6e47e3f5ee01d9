from django import forms
from django.utils.translation import gettext_lazy as _

from cancellations.services.cancelling import MAX_REASON


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MAX_REASON,
        help_text=_("Optional. It is kept with the order."),
        widget=forms.Textarea({"rows": 2}),
    )
    confirmed = forms.BooleanField(label=_("Yes, cancel this. It cannot be undone."))
