#include "CGuest.h"
