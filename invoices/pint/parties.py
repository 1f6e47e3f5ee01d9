"""Seller and buyer."""

from __future__ import annotations

from invoices.pint import codes
from invoices.pint.tree import Node
from invoices.rendering.content import Addressee, Issuer, PrintedDocument


def add_parties(root: Node, document: PrintedDocument) -> None:
    _add_seller(root.add("cac:AccountingSupplierParty").add("cac:Party"), document)
    _add_buyer(root.add("cac:AccountingCustomerParty").add("cac:Party"), document.addressee)


def _add_seller(party: Node, document: PrintedDocument) -> None:
    issuer = document.issuer
    number = issuer.registration_number or ""
    scheme, address = (
        (codes.REGISTRATION_NUMBER, number) if number else (codes.CORPORATE_NUMBER, codes.UNKNOWN)
    )
    party.text("cbc:EndpointID", address, schemeID=scheme)
    if not number:
        party.add("cac:PartyIdentification").text("cbc:ID", address)
    _add_address(party, issuer.postcode, issuer.address)
    if number:
        tax = party.add("cac:PartyTaxScheme")
        tax.text("cbc:CompanyID", number)
        tax.add("cac:TaxScheme").text("cbc:ID", "VAT")
    party.add("cac:PartyLegalEntity").text("cbc:RegistrationName", issuer.name)
    _add_contact(party, issuer)


def _add_contact(party: Node, issuer: Issuer) -> None:
    if not (issuer.phone or issuer.email):
        return
    contact = party.add("cac:Contact")
    if issuer.phone:
        contact.text("cbc:Telephone", issuer.phone)
    if issuer.email:
        contact.text("cbc:ElectronicMail", issuer.email)


def _add_buyer(party: Node, addressee: Addressee) -> None:
    number = addressee.corporate_number
    party.text("cbc:EndpointID", number or codes.UNKNOWN, schemeID=codes.CORPORATE_NUMBER)
    _add_address(party, addressee.postcode, addressee.address)
    legal = party.add("cac:PartyLegalEntity")
    legal.text("cbc:RegistrationName", addressee.company)
    if number:
        legal.text("cbc:CompanyID", number, schemeID=codes.CORPORATE_NUMBER)
    person = " ".join(part for part in (addressee.department, addressee.contact) if part)
    if person:
        party.add("cac:Contact").text("cbc:Name", person)


def _add_address(party: Node, postcode: str, address: str) -> None:
    place = party.add("cac:PostalAddress")
    if address:
        place.text("cbc:StreetName", address)
    if postcode:
        place.text("cbc:PostalZone", postcode.replace("-", ""))
    place.add("cac:Country").text("cbc:IdentificationCode", "JP")
