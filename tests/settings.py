"""The product's settings with what tests need: fast hashing, any host of the test client.

Tests have a data folder of their own, so that nothing depends on what a demo left in the usual one.
"""

import atexit
import os
import shutil
import sys
import tempfile


def _own_data_folder() -> None:
    folder, process = tempfile.mkdtemp(prefix="atlas-tests-data-"), os.getpid()
    os.environ["ATLAS_DATA_DIR"] = folder

    def remove() -> None:
        # Children that were forked come by here as well.
        if os.getpid() == process:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)


# What a test starts has been given its folder by the test.
if "pytest" in sys.modules:
    _own_data_folder()

from atlas.settings import *  # noqa: E402, F403  # reads the folder set above; tests keep the rest

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
