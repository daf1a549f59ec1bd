"""What `stoppress doctor` looks at between readers and us: the certificate, outer caches."""

import time
from urllib.parse import urlsplit

from stoppress.cli.findings import Finding, fault, fine, warning
from stoppress.config import options as declared
from stoppress.config.options import Options

PURGE_SECONDS_ALLOWED = 60.0
RENEWAL_DAYS = 14
DAY_SECONDS = 86_400


def look_at_countries(options: Options) -> Finding:
    """Can the database of countries be read, if there is one?"""
    file = options[declared.COUNTRY_DATABASE]
    if file is None:
        return fine("no database of countries, so none is known")
    from stoppress.edge.countries import Countries
    from stoppress.edge.errors import CountryDatabaseUnusable

    try:
        countries = Countries(file)
    except CountryDatabaseUnusable as error:
        said, _, remedy = str(error).rpartition(". ")
        return fault(f"{said}.", remedy)
    kind = countries.kind
    countries.close()
    return fine(f"{kind}, {file}")


def look_at_certificate(options: Options) -> Finding:
    """Can the certificate be served, for this paper's name, and for long enough?"""
    certificate, key = options[declared.TLS_CERTIFICATE], options[declared.TLS_KEY]
    if certificate is None and key is None:
        return fine("no TLS here: a front proxy does it, or nobody")
    if certificate is None or key is None:
        return fault("TLS needs a certificate and its key.", "Set both, or neither.")
    from stoppress.edge.errors import CertificateUnusable
    from stoppress.edge.tls import examine

    try:
        examined = examine(certificate, key)
    except CertificateUnusable as error:
        said, _, remedy = str(error).rpartition(". ")
        return fault(f"{said}.", remedy)
    origin = urlsplit(options[declared.ORIGIN])
    if origin.scheme != "https":
        return warning(
            f"TLS is on, but the origin is {options[declared.ORIGIN]}.",
            "Set STOPPRESS_ORIGIN to the https address, so that links and cookies agree.",
        )
    if not covers(examined.names, origin.hostname or ""):
        return fault(
            f"The certificate is for {', '.join(examined.names) or 'no name'}, not for "
            f"{origin.hostname}.",
            "Get one for the origin's host.",
        )
    days = int((examined.expires_at - time.time()) / DAY_SECONDS)
    if days < RENEWAL_DAYS:
        return warning(
            f"The certificate expires in {days} days.", "Renew it; no restart is needed."
        )
    return fine(f"the certificate is good for {days} days")


def covers(names: tuple[str, ...], host: str) -> bool:
    """Is a certificate for these names one for the host? (RFC 6125: a star is one whole label.)"""
    parent = "*." + host.partition(".")[2]
    return any(name.lower() in (host, parent) for name in names)


def look_at_outer_caches(options: Options) -> Finding:
    """Has every outer cache dropped what it was told to?"""
    if not options[declared.PURGE] and not options[declared.PURGE_BACKENDS]:
        return fine("no outer cache is to be purged")
    from stoppress.press.purgeorders import read_waiting
    from stoppress.press.purging import purge_file

    file = purge_file()
    waiting = read_waiting(file)
    if waiting and time.time() - file.stat().st_mtime > PURGE_SECONDS_ALLOWED:
        return warning(
            f"{', '.join(waiting)} has not dropped what changed.",
            "Check that it runs and lets this machine purge it; the printer tries again by itself.",
        )
    return fine("outer caches have dropped what changed")
