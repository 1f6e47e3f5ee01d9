from orders.rules import OrderedLine
from orders.services.catalogue import change_product, create_product, take_preset_catalogue
from orders.services.delivering import deliver
from orders.services.expiring import expire_orders, warn_of_expiry
from orders.services.placing import place_order

__all__ = [
    "OrderedLine",
    "change_product",
    "create_product",
    "deliver",
    "expire_orders",
    "place_order",
    "take_preset_catalogue",
    "warn_of_expiry",
]
