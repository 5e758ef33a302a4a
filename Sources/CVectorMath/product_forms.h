/// One instruction set's products, with left operands in panels, in rows and with any two strides.

#define FORM panel
#define LEFT_PLACE(i, d) ((d) * VM_PANEL_ROWS + (i))
#include "product_loops.h"
#undef FORM
#undef LEFT_PLACE

#define FORM rows
#define LEFT_PLACE(i, d) ((i) * left_stride + (d))
#include "product_loops.h"
#undef FORM
#undef LEFT_PLACE

#define FORM strided
#define LEFT_PLACE(i, d) ((i) * left_stride + (d) * left_depth_stride)
#include "product_loops.h"
#undef FORM
#undef LEFT_PLACE
