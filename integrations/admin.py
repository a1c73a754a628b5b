"""Joins the rooms' pages for staff, who sign in where everybody does."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from integrations.audit import admin as _audit  # noqa: F401
from integrations.books import admin as _books  # noqa: F401
from integrations.catalog import admin as _catalog  # noqa: F401
from integrations.configuration import admin as _configuration  # noqa: F401
from integrations.connections import admin as _connections  # noqa: F401
from integrations.dashboard import admin as _dashboard  # noqa: F401
from integrations.documents import admin as _documents  # noqa: F401
from integrations.intake import admin as _intake  # noqa: F401
from integrations.inventory import admin as _inventory  # noqa: F401
from integrations.notifications import admin as _notifications  # noqa: F401
from integrations.orders import admin as _orders  # noqa: F401
from integrations.payments import admin as _payments  # noqa: F401
from integrations.sending import admin as _sending  # noqa: F401
from integrations.tenancy import admin as _tenancy  # noqa: F401
from integrations.triggers import admin as _triggers  # noqa: F401

admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = "Puente · Administración"
admin.site.index_title = "Comercios y operación"
admin.site.enable_nav_sidebar = False
