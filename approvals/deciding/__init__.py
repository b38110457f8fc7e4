"""Who may decide a request, for whom, and how a vote is taken."""
