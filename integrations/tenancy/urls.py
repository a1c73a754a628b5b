from django.urls import include, path
from django.views.generic import RedirectView

from integrations.tenancy import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="organizations"), name="root"),
    path("comercios/", views.organizations, name="organizations"),
    path("comercios/nuevo/", views.organization_new, name="organization_new"),
    path("cuenta/apariencia/", views.theme, name="theme"),
    path("cuenta/", include("allauth.urls")),
    path("c/<slug:organization>/", views.home, name="home"),
    path("c/<slug:organization>/menu/", views.menu, name="menu"),
]
