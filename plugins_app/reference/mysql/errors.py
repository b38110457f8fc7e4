"""MySQL's and MariaDB's errors as classes of the SQL standard, without addresses."""

from plugins_app.sdk import PluginError

TOO_SLOW = "The query took too long and was stopped. Ask for less at once."
UNREACHABLE = "The database cannot be reached. Check that it runs and that its address is right."
UNTRUSTED = "The server's certificate was not accepted. Check tls_ca, and the name in the address."
# Numbers of the server and, from 2000 on, of the driver.
NUMBERS = {
    "57014": (1317, 1969, 3024),
    "42703": (1054,),
    "42P01": (1146, 1051),
    "42883": (1305, 1128, 1582, 1630, 4078),
    "42803": (1055, 1056, 1140),
    "42501": (1044, 1142, 1143, 1227, 1290, 1345, 1370, 1410),
    "42601": (1064, 1149),
    "42000": (1052, 1060, 1066, 1222, 1241, 1247, 1248, 1267, 1270, 1271, 1221),
    "22012": (1365,),
    "21000": (1242,),
    "22003": (1264, 1690, 1916),
    "22000": (
        1139, 1153, 1292, 1300, 1301, 1366, 1367, 1411, 1425, 1426, 1441, 3140, 3141, 3143, 4037,
        4038, 4042, 4079,
    ),
    "25006": (1792,),
    "53200": (1037, 1038, 1041, 1114, 3169, 4082),
    "53300": (1040, 1203, 1226),
    "54001": (1119, 1118, 1436, 1116),
    "55P03": (1205, 3572),
    "40001": (1206, 1213),
    "28000": (1045, 1698, 1862, 3118, 4151),
    "08001": (1049, 1129, 1130, 2001, 2002, 2003, 2005),
    "08006": (2006, 2013, 2026, 2027),
    "57P01": (1053, 1927, 1077, 3032),
}  # fmt: skip
BY_NUMBER = {number: state for state, numbers in NUMBERS.items() for number in numbers}
SENTENCES = {
    "57014": TOO_SLOW,
    "28000": "The database refused the login. Check its name and password.",
    "08001": UNREACHABLE,
    "08006": "The connection to the database was lost. Try again in a moment.",
    "57P01": "The database ended the connection. Try again in a moment.",
}
NO_DATABASE = 1049
NO_TLS = 2026


def explained(error: Exception) -> PluginError:
    """Return an error that people and the agent can act on."""
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return PluginError(UNTRUSTED, sqlstate="08001")
    if isinstance(error, OSError):
        return PluginError(UNREACHABLE, sqlstate="08006")
    state = BY_NUMBER.get(number, "HY000")
    if number == NO_DATABASE:
        return PluginError("There is no such database. Check the address.", sqlstate=state)
    if number == NO_TLS:
        return PluginError("No encrypted connection could be made. Check tls.", sqlstate=state)
    said = str(error.args[-1]).rstrip(".") if error.args else type(error).__name__
    return PluginError(SENTENCES.get(state, f"{said}."), sqlstate=state)
